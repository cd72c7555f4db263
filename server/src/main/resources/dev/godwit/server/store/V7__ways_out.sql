-- What an operator can do about a move that waits for them; the reason says the same in words.
ALTER TABLE migrations ADD COLUMN way_out TEXT;
