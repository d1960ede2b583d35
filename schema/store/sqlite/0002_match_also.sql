-- Other types that the same bytes are valid as: "pl_nip,ru_inn", or empty.
ALTER TABLE match ADD COLUMN also TEXT NOT NULL DEFAULT '';
