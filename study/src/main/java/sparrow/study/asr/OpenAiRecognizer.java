package sparrow.study.asr;

import java.io.IOException;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.http.AnswerReader;
import sparrow.study.http.MultipartForm;
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
        MultipartForm form = new MultipartForm()
                .field("model", model)
                .field("language", "en")
                .field("temperature", "0")
                // The service derives the format from the file name's extension.
                .file("file", "speech.wav", "audio/wav", WavFile.bytes(speech, SampleFormat.PCM16));
        return service.post("audio/transcriptions", form.content(), answer -> AnswerReader.text(answer, "text"))
                .strip();
    }

    @Override
    public void close() {
        service.close();
    }
}
