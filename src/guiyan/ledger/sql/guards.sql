-- The third wall, where a superuser was given: event triggers that refuse to change a sealed log's tables, functions,
-- triggers and rights, even to the role that owns them. A superuser can switch them off; then the signatures speak.
-- Placeholder: {sequencer}. May be repeated.
CREATE SCHEMA IF NOT EXISTS ledger_guard;
REVOKE ALL ON SCHEMA ledger_guard FROM PUBLIC;

-- Schemas by name: numbers of tables do not survive a dump and restore.
CREATE TABLE IF NOT EXISTS ledger_guard.sealed (schema name PRIMARY KEY);

CREATE OR REPLACE VIEW ledger_guard.relations AS
SELECT c.oid, n.nspname, c.relname, c.relowner, c.relacl
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN ledger_guard.sealed s ON s.schema = n.nspname
WHERE c.relkind = 'r' AND c.relname IN
    ('ledger_log', 'ledger_entry', 'ledger_pending', 'ledger_seq', 'ledger_tile', 'ledger_checkpoint');

CREATE OR REPLACE FUNCTION ledger_guard.refuse(p_what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the evidence log is sealed: % is refused', p_what USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE OR REPLACE FUNCTION ledger_guard.on_command() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    done record;
    touched oid;
BEGIN
    FOR done IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
        touched := CASE done.classid
            WHEN 'pg_class'::regclass THEN done.objid
            WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE oid = done.objid)
            WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class FROM pg_rewrite WHERE oid = done.objid)
            WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy WHERE oid = done.objid)
        END;
        IF done.command_tag <> 'CREATE TABLE' AND EXISTS (SELECT 1 FROM ledger_guard.relations WHERE oid = touched) THEN
            PERFORM ledger_guard.refuse(done.command_tag);
        END IF;
        IF done.classid = 'pg_proc'::regclass AND EXISTS (
            SELECT 1 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            JOIN ledger_guard.sealed s ON s.schema = n.nspname
            WHERE p.oid = done.objid AND p.proname IN ('ledger_append', 'ledger_append_many', 'ledger_unchanging')
        ) THEN
            PERFORM ledger_guard.refuse(done.command_tag);
        END IF;
    END LOOP;
    IF tg_tag IN ('ALTER TABLE', 'ALTER SCHEMA', 'ALTER FUNCTION', 'ALTER ROUTINE') AND ledger_guard.incomplete() THEN
        PERFORM ledger_guard.refuse(tg_tag);
    END IF;
    IF tg_tag = 'GRANT' AND ledger_guard.too_much_granted() THEN
        PERFORM ledger_guard.refuse('GRANT of more than reading');
    END IF;
END
$$;

-- A renamed or moved table, function or schema no longer has its name: it is missed.
CREATE OR REPLACE FUNCTION ledger_guard.incomplete() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT count(*) FROM ledger_guard.relations) <> 6 * (SELECT count(*) FROM ledger_guard.sealed)
    OR (
        SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        JOIN ledger_guard.sealed s ON s.schema = n.nspname
        WHERE p.proname IN ('ledger_append', 'ledger_append_many', 'ledger_unchanging')
    ) <> 3 * (SELECT count(*) FROM ledger_guard.sealed)
$$;

-- What a GRANT did is not told to event triggers, so what it led to is looked at.
CREATE OR REPLACE FUNCTION ledger_guard.too_much_granted() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM ledger_guard.relations r, aclexplode(r.relacl) a
        WHERE a.grantee <> r.relowner AND a.privilege_type <> 'SELECT'
        AND NOT (a.grantee = to_regrole('{sequencer}') AND (
            (a.privilege_type = 'DELETE' AND r.relname = 'ledger_pending')
            OR (a.privilege_type = 'INSERT' AND r.relname NOT IN ('ledger_entry', 'ledger_pending'))
        ))
    ) OR EXISTS (
        SELECT 1 FROM ledger_guard.relations r JOIN pg_attribute c ON c.attrelid = r.oid WHERE c.attacl IS NOT NULL
    )
$$;

CREATE OR REPLACE FUNCTION ledger_guard.on_drop() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone record;
BEGIN
    FOR gone IN SELECT * FROM pg_event_trigger_dropped_objects() LOOP
        IF gone.object_type IN ('table', 'trigger', 'rule', 'policy', 'function', 'table column', 'table constraint')
            AND gone.address_names[2] LIKE 'ledger\_%'
            AND EXISTS (SELECT 1 FROM ledger_guard.sealed s WHERE s.schema = gone.address_names[1])
        THEN
            PERFORM ledger_guard.refuse(tg_tag);
        END IF;
    END LOOP;
END
$$;

DO $do$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_event_trigger WHERE evtname = 'ledger_guard_command') THEN
        CREATE EVENT TRIGGER ledger_guard_command ON ddl_command_end EXECUTE FUNCTION ledger_guard.on_command();
        ALTER EVENT TRIGGER ledger_guard_command ENABLE ALWAYS;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_event_trigger WHERE evtname = 'ledger_guard_drop') THEN
        CREATE EVENT TRIGGER ledger_guard_drop ON sql_drop EXECUTE FUNCTION ledger_guard.on_drop();
        ALTER EVENT TRIGGER ledger_guard_drop ENABLE ALWAYS;
    END IF;
END
$do$;
