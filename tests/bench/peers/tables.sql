-- The rows that both peers keep: what a signature needs, and the mail that is owed for it.

CREATE TABLE campaign (
    id serial PRIMARY KEY,
    slug varchar(80) NOT NULL UNIQUE,
    title varchar(120) NOT NULL,
    ask varchar(150) NOT NULL,
    summary text NOT NULL,
    organiser varchar(120) NOT NULL,
    is_open boolean NOT NULL DEFAULT true,
    signature_count integer NOT NULL DEFAULT 0
);

CREATE TABLE signature (
    id bigserial PRIMARY KEY,
    campaign integer NOT NULL REFERENCES campaign,
    number integer,
    name varchar(100) NOT NULL,
    email varchar(254) NOT NULL,
    postcode varchar(10) NOT NULL,
    country varchar(2) NOT NULL,
    constituency varchar(9) NOT NULL,
    words text NOT NULL,
    organisation varchar(160) NOT NULL,
    shows_name boolean NOT NULL,
    wants_updates boolean NOT NULL,
    source varchar(60) NOT NULL,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    UNIQUE (campaign, email)
);

CREATE TABLE tally (
    id bigserial PRIMARY KEY,
    campaign integer NOT NULL REFERENCES campaign,
    kind varchar(12) NOT NULL,
    key varchar(20) NOT NULL,
    total bigint NOT NULL,
    UNIQUE (campaign, kind, key)
);

CREATE TABLE mail (
    id bigserial PRIMARY KEY,
    kind varchar(40) NOT NULL,
    about bigint NOT NULL,
    recipient varchar(254) NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX mail_owed ON mail (id) WHERE sent_at IS NULL;
