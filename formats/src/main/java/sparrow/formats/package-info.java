/**
 * Files of any kind. {@link AtomicFile} writes a file completely or not at all, and {@link CacheFolder} manages the
 * user's cache. {@link JsonFile} reads a model's JSON files, and {@link StrictJson} rejects duplicate keys and oversized
 * values.
 *
 * <p>Every defect of a file is reported by a {@link BadFileException} with a one-line message: file, key, expected value,
 * actual value. {@link Printable} escapes text from a file before it is shown.
 */
package sparrow.formats;
