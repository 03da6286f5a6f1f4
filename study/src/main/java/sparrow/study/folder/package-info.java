/**
 * The folder of a run: its settings and its results so far. {@link RunFolder} opens the folder for one process at a
 * time and rejects other settings ({@link RunManifest}). {@link ItemFiles} stores the results atomically, one file per
 * item. {@link RunJson} defines the JSON format of records.
 */
package sparrow.study.folder;
