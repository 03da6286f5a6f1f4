/**
 * Checkpoints in the layout of LFM2.5-Audio: {@code HearingConfigs} and {@code DetokenizerConfigs} read the sizes of the speech
 * encoder and the detokenizer.
 */
package sparrow.models.lfm2;
