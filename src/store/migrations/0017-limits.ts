import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * What makes a repeated request harmless, and, where writers run side by side, the rolling windows of rate limits:
 * elsewhere these are in a file of their own.
 */
export const limits: Migration = {
  number: 17,
  name: 'idempotency and rate limits',
  up: ({ table, index, dialect }) => {
    const { db, capabilities } = dialect
    const windows = [UNLOGGED_KEYS, UNLOGGED_ADMISSIONS, ADMIT].map((text) => ({
      compile: () => sql.raw(text).compile(db),
    }))
    return [
      table(
        'idempotency',
        {
          account_id: 'integer',
          key_digest: 'bytes',
          request_digest: 'bytes',
          attempt: 'text',
          claimed_until: 'long',
          finished: 'integer',
          subject: 'text?',
          created_at: 'long',
        },
        { primaryKey: ['account_id', 'key_digest'], clustered: true },
      ),
      index('idempotency_created', 'idempotency', ['created_at']),
      ...(capabilities.unloggedTables ? windows : []),
    ]
  },
}

const UNLOGGED_KEYS = `
  create unlogged table rate_key (
    id serial primary key, name text not null unique, sequence bigint not null, last bigint not null
  ) with (fillfactor = 50)`

const UNLOGGED_ADMISSIONS = `
  create unlogged table admission (
    key_id integer not null, sequence bigint not null, moment bigint not null, primary key (key_id, sequence)
  )`

/**
 * Each statement of a volatile function sees what was committed before it, so what is read after the key's row was
 * locked is the latest. Times of one key never fall, whichever process's clock they come from; a clock that was put
 * back by more than the longest window begins anew. A null place: admitted.
 */
const ADMIT = `
  create function admit(
    key_name text, limits bigint[], spans bigint[], now_ms bigint, out place integer, out retry_after bigint
  ) language plpgsql volatile as $$
  declare
    held rate_key;
    longest bigint := (select max(span) from unnest(spans) as span);
    kept bigint := (select max(most) from unnest(limits) as most);
    oldest bigint;
  begin
    select * into held from rate_key where name = key_name for update;
    if not found then
      insert into rate_key (name, sequence, last) values (key_name, 0, 0) on conflict (name) do nothing;
      select * into held from rate_key where name = key_name for update;
    end if;
    if held.last - now_ms > longest then
      delete from admission where key_id = held.id;
      held.sequence := 0;
      held.last := now_ms;
    end if;
    held.last := greatest(held.last, now_ms);
    for window_place in 1 .. array_length(limits, 1) loop
      select moment into oldest from admission
        where key_id = held.id and sequence = held.sequence + 1 - limits[window_place];
      if found and oldest + spans[window_place] > held.last then
        place := window_place;
        retry_after := oldest + spans[window_place] - held.last;
        return;
      end if;
    end loop;
    insert into admission (key_id, sequence, moment) values (held.id, held.sequence + 1, held.last);
    delete from admission where key_id = held.id and sequence <= held.sequence + 1 - kept;
    update rate_key set sequence = held.sequence + 1, last = held.last where id = held.id;
  end $$`
