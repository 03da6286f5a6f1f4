/**
 * {@code sparrow synth}, which writes models of random weights with the sizes of published ones, to measure speed and
 * memory. A {@code Random…} class writes the folder of a family, or its language model alone; a {@code …Tensors} class
 * lists the tensors of its networks, and a {@code …Files} class has the text of its configuration.
 */
package sparrow.bench.synth;
