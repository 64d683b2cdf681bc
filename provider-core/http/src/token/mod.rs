//! Token stores for applications that run on one machine.
