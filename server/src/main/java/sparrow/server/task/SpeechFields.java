package sparrow.server.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import sparrow.server.audio.ChatFormat;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/**
 * The body of a speech request in OpenAI's format. A missing key is null.
 *
 * @param input the text
 * @param voice a name, or an object that contains the name as its {@code id}
 * @param instructions a description of the style, which is ignored because no supported voice has several styles
 */
record SpeechFields(
        String model,
        String input,
        JsonNode voice,
        String instructions,
        SoundFormat responseFormat,
        Double speed,
        StreamFormat streamFormat) {
    private static final int MAX_CHARACTERS = 4096;

    public SpeechFields {
        Check.required("model", model);
        Check.required("input", input);
        if (input.isBlank()) throw RefusedException.value("input", "input: expected some text, got none");
        Check.length("input", input, MAX_CHARACTERS);
        Check.required("voice", voice);
        Check.length("instructions", instructions, MAX_CHARACTERS);
        if (responseFormat == null) responseFormat = SoundFormat.WAV;
        if (speed != null && speed != 1) throw RefusedException.mismatch("speed", "1, the model's own", speed);
        // Events have no content type, so a client could not see that they contain a WAV file.
        if (streamFormat == null || responseFormat == SoundFormat.MP3) streamFormat = StreamFormat.AUDIO;
    }

    /** Returns the name of the voice. */
    String voiceName() {
        JsonNode name = voice.isObject() ? voice.path("id") : voice;
        if (name.isTextual()) return name.textValue();
        throw RefusedException.value("voice", "voice: expected a string, got " + Json.shown(voice));
    }

    /** Returns the caution for a client whose instructions are ignored, or empty if it sent none. */
    Optional<String> caution() {
        return Optional.ofNullable(instructions)
                .filter(text -> !text.isBlank())
                .map(_ -> "instructions: voices have only one style, so they are ignored");
    }

    /** The audio formats of responses. */
    enum SoundFormat {
        /** A complete WAV file. */
        @JsonProperty("wav")
        WAV(ChatFormat.WAV, "audio/wav"),
        /** MP3, for which there is no encoder: a complete WAV file instead, as its content type says. */
        @JsonProperty("mp3")
        MP3(ChatFormat.WAV, "audio/wav"),
        /** 16-bit little-endian samples at 24 kHz. */
        @JsonProperty("pcm")
        PCM(ChatFormat.PCM16, "audio/pcm"),
        /** Opus in Ogg. */
        @JsonProperty("opus")
        OPUS(ChatFormat.OPUS, "audio/ogg");

        private final ChatFormat wire;
        private final String contentType;

        SoundFormat(ChatFormat wire, String contentType) {
            this.wire = wire;
            this.contentType = contentType;
        }

        ChatFormat wire() {
            return wire;
        }

        String contentType() {
            return contentType;
        }
    }

    /** The forms in which audio is sent. */
    enum StreamFormat {
        /** The bytes of the audio, as they are generated. */
        @JsonProperty("audio")
        AUDIO,
        /** Server-sent events. */
        @JsonProperty("sse")
        SSE
    }
}
