/**
 * Parts of model folders that are made of random numbers, with the names and sizes of published ones: for speed and
 * memory, and for nothing else. {@link RandomTensors} lists what a network has, {@link RandomFile} writes it, {@link
 * HiftTensors} is the vocoder that the families share, {@link SyntheticBytePairs} stands for a published vocabulary. Which
 * parts make a folder, the families know.
 */
package sparrow.models.random;
