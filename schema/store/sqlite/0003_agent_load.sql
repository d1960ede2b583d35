-- What an agent says of its host with each heartbeat: thousandths of one core,
-- NULL while nothing was said.
ALTER TABLE agent ADD COLUMN load INTEGER;
