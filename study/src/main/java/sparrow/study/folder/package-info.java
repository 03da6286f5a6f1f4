/**
 * The folder of a run: its settings and the results so far. {@link RunFolder} opens it for one process at a time and
 * refuses to resume it with other settings ({@link RunManifest}). {@link ItemFiles} stores the results, one file for each
 * item, each written completely or not at all. {@link RunJson} defines how records are written as JSON.
 */
package sparrow.study.folder;
