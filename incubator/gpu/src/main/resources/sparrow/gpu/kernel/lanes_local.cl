// A team consists of 32 neighbouring items, its lanes. SUM_LANES adds up each of count values over the lanes, in lane
// order; lane i receives the total of value i. This version uses local memory, with one additional column, so that
// lanes read from different banks.
#define TEAM_ATTRIBUTE
#define TEAM (ITEM() / 32)
#define LANE (ITEM() % 32)
#define LANE_MEMORY(count) LOCAL float lane_memory[TEAMS * (count) * 33];
#define SUM_LANES(total, values, count)                                                              \
    UNROLL                                                                                           \
    for (int i = 0; i < (count); i++) lane_memory[(TEAM * (count) + i) * 33 + LANE] = (values)[i];   \
    BARRIER();                                                                                       \
    float total = 0;                                                                                 \
    if (LANE < (count)) {                                                                            \
        for (int j = 0; j < 32; j++) total += lane_memory[(TEAM * (count) + LANE) * 33 + j];         \
    }
