/**
 * {@code sparrow synth}: writes models with random weights and the sizes of published models, for measuring speed and
 * memory. A {@code Random…} class writes the folder of a model family, or its language model alone; a {@code …Tensors}
 * class lists the tensors of its networks, and a {@code …Files} class contains the text of its configuration files.
 */
package sparrow.bench.synth;
