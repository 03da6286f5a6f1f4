package sparrow.study.asr;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.http.OpenAiService;

/**
 * A service with OpenAI's transcription endpoint ({@code POST audio/transcriptions}, multipart): OpenAI itself, or a
 * server such as whisper.cpp, faster-whisper or vLLM. The language is English, and the temperature is 0.
 *
 * @param service service, closed with the recogniser
 * @param model model name that the service uses, such as {@code whisper-1}
 */
record OpenAiRecognizer(OpenAiService service, String model) implements SpeechRecognizer {
    @Override
    public String transcribe(Waveform speech) throws IOException {
        if (speech.isSilent()) return "";
        // The form (RFC 7578) is written here because java.net.http does not support forms. The boundary is random, so
        // that no part contains it. The service derives the audio format from the file name's extension.
        String boundary = "sparrow-" + UUID.randomUUID();
        String field = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        write(form, field.formatted("model", model) + field.formatted("language", "en"));
        write(form, field.formatted("temperature", "0"));
        write(form, "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"speech.wav\"\r\n");
        write(form, "Content-Type: audio/wav\r\n\r\n");
        form.writeBytes(WavFile.bytes(speech, SampleFormat.PCM16));
        write(form, "\r\n--" + boundary + "--\r\n");
        String type = "multipart/form-data; boundary=" + boundary;
        return service.post("audio/transcriptions", type, form.toByteArray(), OpenAiRecognizer::text)
                .strip();
    }

    private static void write(ByteArrayOutputStream form, String text) {
        form.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(JsonNode answer) {
        JsonNode text = answer.path("text");
        if (text.isTextual()) return text.textValue();
        String found =
                text.isMissingNode() ? "nothing" : text.getNodeType().name().toLowerCase(Locale.ROOT);
        throw new IllegalArgumentException("text: expected a string, found " + found);
    }

    @Override
    public void close() {
        service.close();
    }
}
