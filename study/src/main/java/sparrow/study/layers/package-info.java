/** What the layers below the last would have said: agreement, entropy, divergence and sound, as in SPAR-K's Table 1. */
package sparrow.study.layers;
