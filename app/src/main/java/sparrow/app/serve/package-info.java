/** The command {@code serve} and its options for address, key, TLS, limits and the log of replies. */
package sparrow.app.serve;
