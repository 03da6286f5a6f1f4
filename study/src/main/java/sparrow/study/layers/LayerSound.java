package sparrow.study.layers;

/**
 * One layer of a reply as it sounds and reads: the layer's own choices at the speech and at the text positions of the
 * full-depth reply. Null for a part that is not there.
 *
 * @param sha256 of the WAV file
 * @param text of the choices at text positions
 * @param heard the recogniser's transcript
 * @param mos predicted opinion score
 */
record LayerSound(int layer, String sha256, String text, String heard, Double mos) {}
