//! The server's tests: the whole application called without a socket, over real databases. The modules mirror the
//! tree of URLs; each test runs on both engines.

mod support;

mod apps;
mod cross_site;
mod document;
mod headers;
mod health;
mod pages;
mod password;
mod permissions;
mod problems;
mod session;
mod setup;
mod tokens;
