/**
 * The choices of the layers below the last layer: agreement, entropy, divergence and audio (SPAR-K, Table 1). Start
 * with {@link LayerStudy}, which generates replies at full depth and reads each reply again through a {@link Lens}.
 * {@link LayerReadings} determine the agreement of any exit policy without decoding again. The package trains no model.
 */
package sparrow.study.layers;
