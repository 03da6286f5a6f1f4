package sparrow.speech.encode;

/**
 * How many rows of a piece of sound are computed.
 *
 * @param stemFrames after the first convolution, at 100 Hz
 * @param frames after the second one and in the layers, at 50 Hz
 * @param valid of those, the first ones that others may attend to
 */
record Extent(int stemFrames, int frames, int valid) {}
