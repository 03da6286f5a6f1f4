package sparrow.models.lfm2;

import java.util.List;
import java.util.stream.IntStream;
import sparrow.models.SpokenModel;
import sparrow.models.family.SpeechInput;
import sparrow.speech.vocode.Noise;
import sparrow.speech.wave.Waveform;

/**
 * The distance of a model's hearing and speech from another one's, each as root of the mean squared difference by that of the other's values.
 *
 * @param heard of the encoder's embeddings of a recording
 * @param spoken of the samples of given frames
 */
record SoundDistance(double heard, double spoken) {
    private static final int FRAMES = 24;

    static SoundDistance of(SpokenModel model, SpokenModel other, Waveform recording) {
        return new SoundDistance(
                distance(embeddings(model, recording), embeddings(other, recording)),
                distance(samples(model), samples(other)));
    }

    private static float[] embeddings(SpokenModel model, Waveform recording) {
        List<float[]> pieces = ((SpeechInput.Embeddings) model.speechInput()).encode(recording);
        float[] all = new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
        int to = 0;
        for (float[] piece : pieces) {
            System.arraycopy(piece, 0, all, to, piece.length);
            to += piece.length;
        }
        return all;
    }

    private static float[] samples(SpokenModel model) {
        int codes = FRAMES * model.synthesizer().codebooks();
        int vocabulary = model.synthesizer().vocabulary();
        return model.synthesizer()
                .synthesize(
                        IntStream.range(0, codes).map(i -> i * 37 % vocabulary).toArray(), Noise.seeded(1));
    }

    private static double distance(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new AssertionError("expected " + expected.length + " values, got " + actual.length);
        }
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (double) (actual[i] - expected[i]);
            size += expected[i] * (double) expected[i];
        }
        return Math.sqrt(difference / size);
    }
}
