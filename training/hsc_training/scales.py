"""The 64 scales of the conditional probability tables: 0.11 ... 64 quantiser steps, geometric."""

import math

SCALES = 64
SCALE_MIN, SCALE_MAX = 0.11, 64.0
LOG_STEP = math.log(SCALE_MAX / SCALE_MIN) / (SCALES - 1)
