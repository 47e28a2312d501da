BEGIN TRANSACTION;
CREATE TABLE payments (
	reference_id VARCHAR(36) NOT NULL, 
	external_id VARCHAR NOT NULL, 
	amount_minor BIGINT NOT NULL CHECK (amount_minor > 0), 
	currency VARCHAR(3) NOT NULL, 
	msisdn VARCHAR(15) NOT NULL, 
	payer_message VARCHAR NOT NULL, 
	payee_note VARCHAR NOT NULL, 
	status VARCHAR NOT NULL CHECK (status IN ('created', 'pending', 'completed', 'failed')), 
	cause VARCHAR, 
	reason VARCHAR NOT NULL, 
	provider_status VARCHAR NOT NULL, 
	financial_transaction_id VARCHAR NOT NULL, 
	created_at_ms BIGINT NOT NULL, 
	deadline_at_ms BIGINT NOT NULL, 
	next_check_at_ms BIGINT NOT NULL, 
	checks INTEGER NOT NULL, 
	lease_owner VARCHAR, 
	lease_until_ms BIGINT, 
	PRIMARY KEY (reference_id)
);
INSERT INTO "payments" VALUES('0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a11','order-1',1250,'EUR','46733123499','m','n','completed',NULL,'','SUCCESSFUL','600198217',1800000000001,1800086400001,1800000060000,0,NULL,NULL);
INSERT INTO "payments" VALUES('0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a12','order-2',1250,'EUR','46733123499','m','n','pending',NULL,'','','',1800000000002,1800086400002,1800000030000,0,NULL,NULL);
CREATE TABLE postings (
	reference_id VARCHAR(36) NOT NULL, 
	account VARCHAR NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	PRIMARY KEY (reference_id, account), 
	FOREIGN KEY(reference_id) REFERENCES payments (reference_id)
);
INSERT INTO "postings" VALUES('0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a11','wallet',1250,'EUR');
INSERT INTO "postings" VALUES('0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a11','payers',-1250,'EUR');
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(1);
CREATE INDEX ix_payments_external_id ON payments (external_id);
CREATE INDEX payments_due ON payments (next_check_at_ms) WHERE status IN ('created', 'pending');
COMMIT;
