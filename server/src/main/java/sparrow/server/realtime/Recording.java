package sparrow.server.realtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import sparrow.server.realtime.ConversationBackend.Heard;

/** Something that a user said, and what the model hears in it once it has listened. Belongs to one session. */
@JsonTypeName("input_audio")
final class Recording implements Content {
    private final double seconds;
    private Heard heard = new Heard.NotYet();
    private String transcript;

    Recording(double seconds) {
        this.seconds = seconds;
    }

    double seconds() {
        return seconds;
    }

    /** The time that the model took to listen to it; 0 if it has not, or heard nothing. */
    long listeningNanos() {
        return heard instanceof Heard.Something something ? something.nanos() : 0;
    }

    /** The text of it; null until it is written down, if the session wants that. */
    @JsonProperty
    String transcript() {
        return transcript;
    }

    void transcribed(String text) {
        transcript = text;
    }

    Heard heard() {
        return heard;
    }

    boolean isPending() {
        return heard instanceof Heard.NotYet;
    }

    void heard(Heard what) {
        heard = what;
    }
}
