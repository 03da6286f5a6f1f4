package sparrow.study.asr;

import com.openai.client.OpenAIClient;
import com.openai.core.MultipartField;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.models.audio.transcriptions.Transcription;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.http.OpenAiService;

/**
 * A service with OpenAI's transcription endpoint ({@code POST audio/transcriptions}, multipart): OpenAI itself, and what
 * people run themselves, such as the servers of whisper.cpp, faster-whisper or vLLM. English, temperature 0.
 */
final class OpenAiRecognizer implements SpeechRecognizer {
    private final OpenAiService service;
    private final String model;

    /**
     * @param service closed with the recogniser
     * @param model as the service names it, such as {@code whisper-1}
     */
    OpenAiRecognizer(OpenAiService service, String model) {
        this.service = service;
        this.model = model;
    }

    @Override
    public String transcribe(Waveform speech) throws IOException {
        if (speech.isSilent()) return "";
        byte[] wav = WavFile.bytes(speech, SampleFormat.PCM16);
        return service.ask(client -> transcribe(client, wav)).strip();
    }

    private String transcribe(OpenAIClient client, byte[] wav) {
        MultipartField<InputStream> file = MultipartField.<InputStream>builder()
                .value(new ByteArrayInputStream(wav))
                .filename("speech.wav") // its ending tells the service the format
                .contentType("audio/wav")
                .build();
        TranscriptionCreateParams request = TranscriptionCreateParams.builder()
                .file(file)
                .model(model)
                .language("en")
                .temperature(0)
                .build();
        // The client makes null of an answer that says null.
        return Optional.ofNullable(client.audio().transcriptions().create(request))
                .flatMap(TranscriptionCreateResponse::transcription)
                .map(Transcription::text)
                .orElseThrow(() -> new OpenAIInvalidDataException("no text in it"));
    }

    @Override
    public String name() {
        return "openai, " + model + " at " + service.endpoint().baseUrl();
    }

    @Override
    public void close() {
        service.close();
    }
}
