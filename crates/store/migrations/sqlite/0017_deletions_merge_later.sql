-- A deletion marks a row in the index of tokens. Once a tenth of them are marked, FTS5 would rewrite the index within the
-- transactions that delete, seconds in one of them; now only the tidying of src/accounts/tidy.rs does, when the deleting is over.
INSERT INTO account_grams (account_grams, rank) VALUES ('deletemerge', 0);
