/**
 * The choices of the layers below the last: agreement, entropy, divergence and sound (SPAR-K, Table 1). Start
 * with {@link LayerStudy}, which lets the model answer at full depth and reads every reply again through a {@link
 * Lens}. {@link LayerReadings} give the agreement of any exit policy without decoding again. Nothing is trained here.
 */
package sparrow.study.layers;
