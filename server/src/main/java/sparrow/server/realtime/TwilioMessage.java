package sparrow.server.realtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/**
 * The messages of Twilio's Media Streams in both directions. Each message is a record, whose components are the keys
 * that the server uses.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
@JsonSubTypes({
    @JsonSubTypes.Type(TwilioMessage.Connected.class),
    @JsonSubTypes.Type(TwilioMessage.Start.class),
    @JsonSubTypes.Type(TwilioMessage.Media.class),
    @JsonSubTypes.Type(TwilioMessage.Mark.class),
    @JsonSubTypes.Type(TwilioMessage.Dtmf.class),
    @JsonSubTypes.Type(TwilioMessage.Stop.class),
    @JsonSubTypes.Type(TwilioMessage.Clear.class)
})
sealed interface TwilioMessage {
    /** Maximum number of characters in a message. Twilio's own messages have several hundred characters. */
    int MAX_BYTES = 1 << 16;

    int MAX_NAME_CHARACTERS = 100;

    /** The first message of a connection. */
    @JsonTypeName("connected")
    record Connected(String protocol) implements TwilioMessage {
        public Connected {
            if (!Check.required("protocol", protocol).equals("Call")) {
                throw RefusedException.mismatch("protocol", "Call", Json.shown(protocol));
            }
        }
    }

    /** The second message, which starts a call. */
    @JsonTypeName("start")
    record Start(String streamSid, Call start) implements TwilioMessage {
        public Start {
            Check.name("streamSid", Check.required("streamSid", streamSid), MAX_NAME_CHARACTERS);
            Check.required("start", start);
        }
    }

    /** A call. The parameters come from the TwiML document. */
    @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
    record Call(List<String> tracks, MediaFormat mediaFormat, Map<String, String> customParameters) {
        public Call {
            if (!List.of("inbound").equals(tracks)) {
                throw RefusedException.value("tracks", "tracks: expected [\"inbound\"]");
            }
            Check.required("mediaFormat", mediaFormat);
            if (customParameters == null) customParameters = Map.of();
        }
    }

    /** The audio format; Twilio has only one. */
    @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
    record MediaFormat(String encoding, Number sampleRate, Number channels) {
        public MediaFormat {
            if (!Check.required("encoding", encoding).equals("audio/x-mulaw")) {
                throw RefusedException.mismatch("encoding", "audio/x-mulaw", Json.shown(encoding));
            }
            Check.whole("sampleRate", Check.required("sampleRate", sampleRate), 8000, 8000);
            Check.whole("channels", Check.required("channels", channels), 1, 1);
        }
    }

    /** Audio from the caller or the model. */
    @JsonTypeName("media")
    record Media(String streamSid, Sound media) implements TwilioMessage {
        public Media {
            Check.required("media", media);
        }
    }

    /**
     * A piece of audio.
     *
     * @param track {@code inbound}, or null in the server's messages
     * @param payload G.711 µ-law at 8 kHz, in base64
     */
    record Sound(@JsonInclude(JsonInclude.Include.NON_NULL) String track, String payload) {
        public Sound {
            Check.required("payload", payload);
            if (track != null && !track.equals("inbound")) {
                throw RefusedException.mismatch("track", "inbound", Json.shown(track));
            }
        }
    }

    /** A mark after audio that was sent. Twilio returns it when this audio has been played or cleared. */
    @JsonTypeName("mark")
    record Mark(String streamSid, Label mark) implements TwilioMessage {
        public Mark {
            Check.required("mark", mark);
        }
    }

    /** The name of a mark. */
    record Label(String name) {
        public Label {
            Check.name("name", Check.required("name", name), MAX_NAME_CHARACTERS);
        }
    }

    /** A key that the caller pressed. */
    @JsonTypeName("dtmf")
    record Dtmf(String streamSid) implements TwilioMessage {}

    /** The last message, which ends the call. */
    @JsonTypeName("stop")
    record Stop(String streamSid) implements TwilioMessage {}

    /** Sent by the server to discard the audio that has not been played. */
    @JsonTypeName("clear")
    record Clear(String streamSid) implements TwilioMessage {}

    /**
     * Reads the message in a text frame, ignoring keys without a component. Returns empty if Twilio has added an event
     * that the server does not know.
     *
     * @throws RefusedException if the text is not a message
     */
    static Optional<TwilioMessage> read(String frame) {
        try {
            return Optional.of(Json.LENIENT.read(Json.object(frame), TwilioMessage.class));
        } catch (RefusedException e) {
            if (e.code().equals("unknown_event")) return Optional.empty();
            throw e;
        }
    }
}
