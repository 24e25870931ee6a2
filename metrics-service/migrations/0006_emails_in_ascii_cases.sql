-- E-mails are the same in any case of a to z. Cases of other letters are not folded, whatever the database's locale:
-- it may make K of the Kelvin sign and i of a dotted I, and whoever has such an address would be somebody else.
drop index users_email;
create index users_email on users (org_id, lower(email collate "C"));
