-- A tenant defers a job through this function alone: who it is for is read from the login, never from an argument.
CREATE SCHEMA IF NOT EXISTS jobs;

CREATE OR REPLACE FUNCTION jobs.defer(
    task text, queue text, priority integer, lock text, queueing_lock text, args jsonb, scheduled_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    prefix text := current_database() || '_t_';
    tenant text;
BEGIN
    IF left(session_user, length(prefix)) <> prefix THEN
        RAISE EXCEPTION 'only a tenant may defer a job' USING ERRCODE = 'insufficient_privilege';
    END IF;
    tenant := substr(session_user, length(prefix) + 1);
    IF jsonb_typeof(args) <> 'object' OR length(args::text) > 100000 THEN
        RAISE EXCEPTION 'the arguments of a job are an object of at most 100000 characters';
    END IF;
    RETURN (procrastinate_defer_jobs_v1(ARRAY[ROW(
        queue, task, priority, tenant || '/' || lock, tenant || '/' || queueing_lock,
        args || jsonb_build_object('tenant', tenant), scheduled_at
    )::procrastinate_job_to_defer_v1]))[1];
END
$$;
