/**
 * The choices of the layers below the last one: agreement, entropy, divergence and audio (SPAR-K, Table 1). Start with
 * {@link LayerStudy}, which generates replies at full depth and reads each reply again through a {@link Lens}.
 * {@link LayerReadings} determine the agreement of any exit policy without decoding again. Nothing is trained here.
 */
package sparrow.study.layers;
