-- What actions need beside a server, as JSON; what a server that is being resized holds beside
-- its present size, as JSON; and when time ends its state. `flavor` and `host` in them are numbers
-- of the table `name`.
ALTER TABLE server ADD COLUMN live_args TEXT;
ALTER TABLE server ADD COLUMN second TEXT;
ALTER TABLE server ADD COLUMN expires_us INTEGER;
ALTER TABLE operation ADD COLUMN args TEXT;
