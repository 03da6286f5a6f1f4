/**
 * Files of any kind. {@link AtomicFile} writes files atomically, and {@link CacheFolder} manages the user's cache.
 * {@link JsonFile} reads a model's JSON files, and {@link StrictJson} rejects duplicate keys and oversized values.
 *
 * <p>Every defect in a file is reported by a {@link BadFileException}, whose one-line message contains the file, the
 * key, the expected value and the actual value. {@link Printable} escapes text from a file before it is shown.
 */
package sparrow.formats;
