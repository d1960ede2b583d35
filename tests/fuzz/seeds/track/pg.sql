--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
CREATE TABLE public.customers (
    id integer,
    card text
);

COPY public.customers (id, name, card) FROM stdin;
1	a	x
2	b	4111 1111 1111 1111
\.
SELECT 1; -- card 5500 0055 5555 5559
