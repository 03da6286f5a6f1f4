/**
 * The command {@code serve} and its options: address, key, TLS, limits and the log of replies.
 */
package sparrow.app.serve;
