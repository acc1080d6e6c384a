# dfserve: more mutated streams against a model of the formats.
# once
python3 "$T/mutate.py" 2 8000 "$T"/vectors/*.bin
