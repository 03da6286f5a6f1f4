package sparrow.study.asr;

import io.github.givimad.whisperjni.WhisperContext;
import io.github.givimad.whisperjni.WhisperFullParams;
import io.github.givimad.whisperjni.WhisperJNI;
import io.github.givimad.whisperjni.WhisperSamplingStrategy;
import java.io.IOException;
import java.nio.file.Path;
import sparrow.formats.BadFileException;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;

/**
 * Whisper through whisper.cpp (io.github.givimad:whisper-jni), with any ggml model file. The language is English,
 * decoding is greedy, and each utterance is independent. Whisper's fallback to higher temperatures is disabled, so that
 * the same speech always produces the same transcript.
 */
record WhisperRecognizer(WhisperJNI whisper, WhisperContext context) implements SpeechRecognizer {
    private static final int RATE_HZ = 16_000;

    /**
     * Loads a model. The native library is loaded with the first model.
     *
     * @throws BadFileException if the file is not a Whisper model
     * @throws IOException if the file cannot be read, or if there is no native library for this machine
     */
    static WhisperRecognizer open(Path model) throws IOException {
        WhisperFile.check(model);
        try {
            WhisperJNI.loadLibrary();
        } catch (UnsatisfiedLinkError e) {
            throw new IOException("whisper.cpp: no native library for this machine: " + e.getMessage(), e);
        }
        WhisperJNI.setLibraryLogger(null); // The default logger writes to stderr.
        WhisperJNI whisper = new WhisperJNI();
        WhisperContext context = whisper.init(model);
        if (context == null) throw new BadFileException(model, "whisper.cpp cannot load it; tensors are missing");
        return new WhisperRecognizer(whisper, context);
    }

    @Override
    public String transcribe(Waveform speech) throws IOException {
        if (speech.isSilent()) return "";
        float[] samples = speech.at(RATE_HZ).samples();
        int status = whisper.full(context, parameters(), samples, samples.length);
        if (status != 0) throw new IOException("whisper.cpp: failed with status " + status);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < whisper.fullNSegments(context); i++) text.append(whisper.fullGetSegmentText(context, i));
        return text.toString().strip();
    }

    /** Returns parameters for greedy decoding, because the alternative, beam search, draws random candidates. */
    private static WhisperFullParams parameters() {
        WhisperFullParams parameters = new WhisperFullParams(WhisperSamplingStrategy.GREEDY);
        parameters.language = "en";
        parameters.noContext = true;
        parameters.temperatureInc = 0;
        parameters.printProgress = false;
        parameters.printTimestamps = false;
        return parameters;
    }

    /** Returns true, because models are large and whisper.cpp runs its own threads. */
    @Override
    public boolean usesAllProcessors() {
        return true;
    }

    @Override
    public void close() {
        context.close();
    }
}
