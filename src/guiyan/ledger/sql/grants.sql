-- What the tenant's role and the sequencer's may do with one tenant's log; repeated at every set-up.
REVOKE ALL ON SEQUENCE {schema}.ledger_entry_id_seq FROM {tenant};
GRANT EXECUTE ON FUNCTION {schema}.ledger_append(bytea, bytea, text, bytea, bigint) TO {tenant};
GRANT EXECUTE ON FUNCTION {schema}.ledger_append_many(bytea[], bytea[], text[]) TO {tenant};
GRANT USAGE ON SCHEMA {schema} TO {sequencer};
GRANT SELECT ON {schema}.ledger_entry, {schema}.ledger_casehead TO {sequencer};
GRANT SELECT, DELETE ON {schema}.ledger_pending TO {sequencer};
GRANT SELECT, INSERT ON {schema}.ledger_log, {schema}.ledger_seq, {schema}.ledger_tile, {schema}.ledger_checkpoint
    TO {sequencer};
GRANT EXECUTE ON FUNCTION {schema}.ledger_append(bytea, bytea, text, bytea, bigint) TO {sequencer};
