// A team consists of 32 neighbouring items, its lanes: a warp. SUM_LANES adds up each of count values over the lanes;
// lane i receives the total of value i. In this version, lanes exchange their sums at distances of 16, 8, 4, 2 and 1,
// after which all lanes have the identical total. All lanes of a team must reach this code.
#define TEAM_ATTRIBUTE
#define TEAM (ITEM() / 32)
#define LANE (ITEM() % 32)
#define LANE_MEMORY(count)
#define SUM_LANES(total, values, count)                                                  \
    float total = 0;                                                                     \
    UNROLL                                                                               \
    for (int i = 0; i < (count); i++) {                                                  \
        float sum_of_lanes = (values)[i];                                                \
        UNROLL                                                                           \
        for (int distance = 16; distance > 0; distance /= 2) {                           \
            sum_of_lanes += __shfl_xor_sync(0xffffffffu, sum_of_lanes, distance);        \
        }                                                                                \
        if (LANE == i) total = sum_of_lanes;                                             \
    }
