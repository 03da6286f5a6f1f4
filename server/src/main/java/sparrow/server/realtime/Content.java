package sparrow.server.realtime;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import sparrow.engine.interleave.Unit;

/** A part of an item, which a client sees without its sound. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
sealed interface Content {
    /** A text of the user's or the system's. */
    @JsonTypeName("input_text")
    record InputText(String text) implements Content {}

    /** Speech of the user. */
    @JsonTypeName("input_audio")
    record InputAudio(@JsonIgnore Recording recording) implements Content {
        /** Null until it is written down, if the session wants that. */
        @JsonProperty
        String transcript() {
            return recording.transcript();
        }
    }

    /**
     * A text of the model's.
     *
     * @param units as they stand in the context
     */
    @JsonTypeName("output_text")
    record OutputText(String text, @JsonIgnore List<Unit> units) implements Content {}

    /**
     * Speech of the model.
     *
     * @param transcript the text of the units
     * @param units as they stand in the context
     * @param ms how long it sounds
     */
    @JsonTypeName("output_audio")
    record OutputAudio(
            String transcript,
            @JsonIgnore List<Unit> units,
            @JsonIgnore long ms) implements Content {}
}
