-- An operator's word on where a guest lives that nothing can tell that is looked at.
ALTER TABLE migrations ADD COLUMN ruling TEXT;
