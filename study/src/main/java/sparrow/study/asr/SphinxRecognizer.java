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
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.speech.wave.Waveform;

/**
 * Sphinx4 with the American English acoustic model and pronouncing dictionary of CMU Sphinx: pure Java, no download. It
 * is a recogniser of 2015, fit for clear speech whose sentences are roughly known; how it is set up is in sphinx.xml.
 */
public final class SphinxRecognizer implements SpeechRecognizer {
    private static final int RATE_HZ = 16_000;

    /** Silence on either side, in which the search begins and ends; speech that begins at once loses its first word. */
    private static final double MARGIN_SECONDS = 0.2;

    private final String name;
    private final SortedSet<String> unknownWords;
    private final StreamDataSource source;
    private final Recognizer recognizer;

    private SphinxRecognizer(String name, SortedSet<String> unknownWords, ConfigurationManager configuration) {
        this.name = name;
        this.unknownWords = unknownWords;
        source = configuration.lookup("source");
        recognizer = configuration.lookup("recognizer");
        recognizer.allocate();
    }

    /** For any English, with the trigrams of CMU Sphinx. */
    public static SphinxRecognizer general() {
        return new SphinxRecognizer("sphinx4, general English", new TreeSet<>(), configuration());
    }

    /**
     * For speech in the words of given sentences: bigrams of them, or of what is left between the words that have no
     * pronunciation ({@link #unknownWords}).
     *
     * @throws IllegalArgumentException if no word with a pronunciation is among them
     * @throws IOException if no temporary file can be written
     */
    public static SphinxRecognizer expecting(List<String> sentences) throws IOException {
        ConfigurationManager configuration = configuration();
        Dictionary dictionary = configuration.lookup("dictionary");
        dictionary.allocate();
        Expected expected = Expected.of(sentences, word -> dictionary.getWord(word) != null);
        Path bigrams = Files.createTempFile("sparrow-", ".arpa");
        try {
            Bigrams.of(expected.phrases()).write(bigrams);
            configuration.setGlobalProperty("languageModel", "sentences");
            configuration.setGlobalProperty("sentences", bigrams.toUri().toString());
            String name = "sphinx4, bigrams of " + sentences.size() + " sentences";
            return new SphinxRecognizer(name, expected.unknownWords(), configuration);
        } finally {
            Files.delete(bigrams);
        }
    }

    private static ConfigurationManager configuration() {
        return new ConfigurationManager(SphinxRecognizer.class.getResource("sphinx.xml"));
    }

    /** Words of the expected sentences that the dictionary cannot pronounce, so that they are never heard. */
    public SortedSet<String> unknownWords() {
        return unknownWords;
    }

    @Override
    public String transcribe(Waveform speech) {
        if (speech.isSilent()) return "";
        source.setInputStream(new ByteArrayInputStream(pcm(speech.at(RATE_HZ).samples())));
        Result result = recognizer.recognize();
        return result == null ? "" : result.getBestResultNoFiller();
    }

    /** 16 bits, little endian, with silence around. */
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
    public String name() {
        return name;
    }

    @Override
    public void close() {
        recognizer.deallocate();
    }
}
