"""The fake wallet: a stateful MTN MoMo with time and failure under control."""
