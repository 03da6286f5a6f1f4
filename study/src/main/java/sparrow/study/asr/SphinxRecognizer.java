package sparrow.study.asr;

import edu.cmu.sphinx.frontend.util.StreamDataSource;
import edu.cmu.sphinx.linguist.dictionary.Dictionary;
import edu.cmu.sphinx.recognizer.Recognizer;
import edu.cmu.sphinx.result.Result;
import edu.cmu.sphinx.util.props.ConfigurationManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;

/**
 * Sphinx4 with the American English acoustic model and pronouncing dictionary of CMU Sphinx: pure Java, without
 * downloads. This recogniser from 2015 is suitable for clear speech whose sentences are approximately known. Its
 * configuration is in sphinx.xml.
 */
final class SphinxRecognizer implements SpeechRecognizer {
    private static final int RATE_HZ = 16_000;

    /**
     * Silence added before and after the speech, where the search starts and ends. Without this silence, the first word
     * would be lost if speech starts immediately.
     */
    private static final double MARGIN_SECONDS = 0.2;

    private final StreamDataSource source;
    private final Recognizer recognizer;

    private SphinxRecognizer(ConfigurationManager configuration) {
        source = configuration.lookup("source");
        recognizer = configuration.lookup("recognizer");
        recognizer.allocate();
    }

    /** Creates a recogniser for general English, with the trigrams of CMU Sphinx. */
    public static SphinxRecognizer general() {
        return new SphinxRecognizer(configuration());
    }

    /**
     * Creates a recogniser for speech similar to given sentences. The recogniser's language model consists of the
     * bigrams of these sentences; words without a pronunciation are omitted.
     *
     * @throws IllegalArgumentException if no word of the sentences has a pronunciation
     * @throws IOException if no temporary file can be written
     */
    public static SphinxRecognizer expecting(List<String> sentences) throws IOException {
        ConfigurationManager configuration = configuration();
        Dictionary dictionary = configuration.lookup("dictionary");
        dictionary.allocate();
        List<List<String>> phrases = Sentences.phrases(sentences, word -> dictionary.getWord(word) != null);
        Path bigrams = Files.createTempFile("sparrow-", ".arpa");
        try {
            Bigrams.of(phrases).write(bigrams);
            configuration.setGlobalProperty("languageModel", "sentences");
            configuration.setGlobalProperty("sentences", bigrams.toUri().toString());
            return new SphinxRecognizer(configuration);
        } finally {
            Files.delete(bigrams);
        }
    }

    private static ConfigurationManager configuration() {
        return new ConfigurationManager(SphinxRecognizer.class.getResource("sphinx.xml"));
    }

    @Override
    public String transcribe(Waveform speech) {
        if (speech.isSilent()) return "";
        source.setInputStream(new ByteArrayInputStream(pcm(speech.at(RATE_HZ).samples())));
        Result result = recognizer.recognize();
        return result == null ? "" : result.getBestResultNoFiller();
    }

    /** Converts samples to 16-bit little-endian PCM, with silence before and after. */
    private static byte[] pcm(float[] samples) {
        int margin = (int) (MARGIN_SECONDS * RATE_HZ);
        ByteBuffer pcm = ByteBuffer.allocate(2 * (samples.length + 2 * margin)).order(ByteOrder.LITTLE_ENDIAN);
        pcm.position(2 * margin);
        for (float sample : samples) {
            pcm.putShort((short) Math.clamp(Math.round(sample * 32768.0), Short.MIN_VALUE, Short.MAX_VALUE));
        }
        return pcm.array();
    }

    @Override
    public void close() {
        recognizer.deallocate();
    }
}
