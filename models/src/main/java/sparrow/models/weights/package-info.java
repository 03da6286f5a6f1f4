/**
 * The weights in a model folder. {@link WeightFiles} opens weights in any format, {@link HeadFiles} finds heads,
 * {@link RenamedCheckpoint} renames tensors, {@link WeightPlacement} decides where weights are stored,
 * {@link Resources} owns the files and the memory of an open model, and {@link AtomicFolder} writes a folder that
 * becomes visible when it is complete. The package {@code sparrow.formats.weights} reads the file formats.
 */
package sparrow.models.weights;
