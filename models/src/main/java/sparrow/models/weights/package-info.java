/**
 * Weights of a model folder in whichever format they are. {@link WeightFiles} opens them, {@link HeadFiles} finds heads, {@link
 * RenamedCheckpoint} gives tensors other names, {@link WeightPlacement} takes weights to their memory, {@link Resources} owns the files and
 * the memory of an open model, and {@link AtomicFolder} writes a folder that appears when it is complete. File formats themselves are read
 * in {@code sparrow.formats.weights}.
 */
package sparrow.models.weights;
