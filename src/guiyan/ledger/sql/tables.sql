-- The log of one tenant, in its own schema. Placeholders: {schema}, {owner} (a role that cannot log in).
-- The roles are the first wall: nobody who logs in owns these tables. The triggers are the second.
GRANT USAGE, CREATE ON SCHEMA {schema} TO {owner};

CREATE TABLE {schema}.ledger_log (
    epoch smallint PRIMARY KEY CHECK (epoch >= 1),
    origin varchar(200) NOT NULL UNIQUE,
    vkey text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Sizes and the pairing of tag and cseq are checked by the only functions that write here: as constraints they would
-- cost a fifth of every append.
CREATE TABLE {schema}.ledger_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    type text NOT NULL,
    tag bytea,
    cseq bigint,
    entry bytea NOT NULL,
    leaf bytea NOT NULL GENERATED ALWAYS AS (sha256('\x00'::bytea || entry)) STORED
);
CREATE UNIQUE INDEX ledger_entry_step_once ON {schema}.ledger_entry (tag, cseq) WHERE tag IS NOT NULL;

CREATE TABLE {schema}.ledger_pending (
    entry_id bigint NOT NULL,
    leaf bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE {schema}.ledger_seq (
    epoch smallint NOT NULL,
    seq bigint NOT NULL CHECK (seq >= 0),
    entry_id bigint NOT NULL UNIQUE,
    type text NOT NULL,
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    PRIMARY KEY (epoch, seq)
);

CREATE TABLE {schema}.ledger_tile (
    epoch smallint NOT NULL,
    level smallint NOT NULL CHECK (level >= 0),
    idx bigint NOT NULL CHECK (idx >= 0),
    width smallint NOT NULL CHECK (width BETWEEN 1 AND 256),
    data bytea NOT NULL CHECK (octet_length(data) = width * 32),
    PRIMARY KEY (epoch, level, idx, width)
);
ALTER TABLE {schema}.ledger_tile ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE {schema}.ledger_checkpoint (
    epoch smallint NOT NULL,
    size bigint NOT NULL CHECK (size >= 1),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    note bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (epoch, size)
);

-- The only way in: bytes, the leaf that the caller computed from them, what they say of themselves, and nothing that
-- could back-date them. Returns the row's number; raises no_data_found when the stored leaf is another one than the caller's,
-- or when size, tag or number are impossible.
CREATE FUNCTION {schema}.ledger_append(p_entry bytea, p_leaf bytea, p_type text, p_tag bytea, p_cseq bigint)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
DECLARE
    made_id bigint;
    made_leaf bytea;
BEGIN
    INSERT INTO {schema}.ledger_entry AS e (entry, type, tag, cseq) VALUES (p_entry, p_type, p_tag, p_cseq)
        RETURNING e.id, e.leaf INTO made_id, made_leaf;
    INSERT INTO {schema}.ledger_pending (entry_id, leaf)
        SELECT made_id, made_leaf
        WHERE made_leaf = p_leaf AND octet_length(p_entry) BETWEEN 2 AND 65535
        AND (CASE WHEN p_tag IS NULL THEN p_cseq IS NULL ELSE octet_length(p_tag) = 32 AND p_cseq >= 1 END)
        RETURNING entry_id INTO STRICT made_id;
    RETURN made_id;
END
$$;

-- Many entries that belong to no case, in the order given.
CREATE FUNCTION {schema}.ledger_append_many(p_entries bytea[], p_leaves bytea[], p_types text[])
RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH made AS (
        INSERT INTO {schema}.ledger_entry AS e (entry, type)
        SELECT given.entry, given.type
        FROM unnest(p_entries, p_types) WITH ORDINALITY AS given(entry, type, place) ORDER BY given.place
        RETURNING e.id, e.leaf, octet_length(e.entry) AS size
    ), placed AS (
        SELECT made.*, row_number() OVER (ORDER BY made.id) AS place FROM made
    ), waiting AS (
        INSERT INTO {schema}.ledger_pending (entry_id, leaf)
        SELECT placed.id, placed.leaf FROM placed
        WHERE placed.leaf = p_leaves[placed.place] AND placed.size BETWEEN 2 AND 65535
        RETURNING entry_id
    )
    SELECT waiting.entry_id FROM waiting ORDER BY 1;
END
$$;

CREATE FUNCTION {schema}.ledger_unchanging() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the evidence log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

DO $do$
DECLARE
    what text;
BEGIN
    FOREACH what IN ARRAY ARRAY['log', 'entry', 'seq', 'tile', 'checkpoint'] LOOP
        EXECUTE format('CREATE TRIGGER no_ud BEFORE UPDATE OR DELETE ON {schema}.%I '
            'FOR EACH ROW EXECUTE FUNCTION {schema}.ledger_unchanging()', 'ledger_' || what);
    END LOOP;
    CREATE TRIGGER no_ud BEFORE UPDATE ON {schema}.ledger_pending
        FOR EACH ROW EXECUTE FUNCTION {schema}.ledger_unchanging();
    FOREACH what IN ARRAY ARRAY['log', 'entry', 'pending', 'seq', 'tile', 'checkpoint'] LOOP
        EXECUTE format('CREATE TRIGGER no_tr BEFORE TRUNCATE ON {schema}.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION {schema}.ledger_unchanging()', 'ledger_' || what);
        EXECUTE format('ALTER TABLE {schema}.%I ENABLE ALWAYS TRIGGER no_ud', 'ledger_' || what);
        EXECUTE format('ALTER TABLE {schema}.%I ENABLE ALWAYS TRIGGER no_tr', 'ledger_' || what);
        EXECUTE format('ALTER TABLE {schema}.%I OWNER TO {owner}', 'ledger_' || what);
    END LOOP;
END
$do$;

ALTER FUNCTION {schema}.ledger_append(bytea, bytea, text, bytea, bigint) OWNER TO {owner};
ALTER FUNCTION {schema}.ledger_append_many(bytea[], bytea[], text[]) OWNER TO {owner};
ALTER FUNCTION {schema}.ledger_unchanging() OWNER TO {owner};
REVOKE ALL ON FUNCTION {schema}.ledger_append(bytea, bytea, text, bytea, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION {schema}.ledger_append_many(bytea[], bytea[], text[]) FROM PUBLIC;
REVOKE CREATE ON SCHEMA {schema} FROM {owner};
