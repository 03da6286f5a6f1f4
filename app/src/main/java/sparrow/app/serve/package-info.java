/**
 * The command {@code serve}, with its options for address, key, TLS, limits and reply log. The server itself is
 * {@link sparrow.server.SparrowServer}.
 */
package sparrow.app.serve;
